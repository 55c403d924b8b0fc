include $(sort $(wildcard $(BR2_EXTERNAL_WHYDROP_PATH)/package/*/*.mk))
